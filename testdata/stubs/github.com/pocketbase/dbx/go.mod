module github.com/pocketbase/dbx

go 1.25.0
