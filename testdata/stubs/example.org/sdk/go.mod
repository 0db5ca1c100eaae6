module example.org/sdk

go 1.25.0
