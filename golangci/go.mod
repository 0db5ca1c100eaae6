module github.com/airlock-go/airlock/golangci

go 1.25.0

require (
	github.com/airlock-go/airlock v0.0.0
	golang.org/x/tools v0.48.0
)

require (
	github.com/golangci/plugin-module-register v0.1.2
	go.yaml.in/yaml/v3 v3.0.6 // indirect
)

replace github.com/airlock-go/airlock => ../
