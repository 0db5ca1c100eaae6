module example.com/fixtures

go 1.25.0

require github.com/airlock-go/airlock v0.0.0

replace github.com/airlock-go/airlock => ../..
