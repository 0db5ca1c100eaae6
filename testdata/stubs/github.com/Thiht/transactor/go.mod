module github.com/Thiht/transactor

go 1.25.0
