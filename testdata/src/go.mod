module example.com/fixtures

go 1.25.0

require (
	example.org/sdk v1.0.0
	github.com/Thiht/transactor v1.0.0
	github.com/airlock-go/airlock v0.0.0
	github.com/avito-tech/go-transaction-manager/trm/v2 v2.0.0
	github.com/cockroachdb/cockroach-go/v2 v2.0.0
	github.com/felixge/httpsnoop v1.99.0
	github.com/gin-gonic/gin v1.0.0
	github.com/go-pg/pg/v10 v10.0.0
	github.com/gobuffalo/pop/v6 v6.0.0
	github.com/gofiber/fiber/v2 v2.0.0
	github.com/hibiken/asynq v1.0.0
	github.com/jackc/pgx/v5 v5.0.0
	github.com/jmoiron/sqlx v1.0.0
	github.com/labstack/echo/v4 v4.0.0
	github.com/pocketbase/dbx v1.0.0
	github.com/riverqueue/river v1.0.0
	github.com/robfig/cron/v3 v3.0.0
	github.com/stretchr/testify v1.0.0
	github.com/uptrace/bun v1.0.0
	go.mongodb.org/mongo-driver v1.0.0
	go.temporal.io/sdk v1.0.0
	golang.org/x/sync v0.99.0
	google.golang.org/grpc v1.0.0
	gorm.io/gorm v1.0.0
	xorm.io/xorm v1.0.0
)

replace (
	example.org/sdk => ../stubs/example.org/sdk
	github.com/Thiht/transactor => ../stubs/github.com/Thiht/transactor
	github.com/airlock-go/airlock => ../..
	github.com/avito-tech/go-transaction-manager/trm/v2 => ../stubs/github.com/avito-tech/go-transaction-manager/trm/v2
	github.com/cockroachdb/cockroach-go/v2 => ../stubs/github.com/cockroachdb/cockroach-go/v2
	github.com/felixge/httpsnoop => ../stubs/github.com/felixge/httpsnoop
	github.com/gin-gonic/gin => ../stubs/github.com/gin-gonic/gin
	github.com/go-pg/pg/v10 => ../stubs/github.com/go-pg/pg/v10
	github.com/gobuffalo/pop/v6 => ../stubs/github.com/gobuffalo/pop/v6
	github.com/gofiber/fiber/v2 => ../stubs/github.com/gofiber/fiber/v2
	github.com/hibiken/asynq => ../stubs/github.com/hibiken/asynq
	github.com/jackc/pgx/v5 => ../stubs/github.com/jackc/pgx/v5
	github.com/jmoiron/sqlx => ../stubs/github.com/jmoiron/sqlx
	github.com/labstack/echo/v4 => ../stubs/github.com/labstack/echo/v4
	github.com/pocketbase/dbx => ../stubs/github.com/pocketbase/dbx
	github.com/riverqueue/river => ../stubs/github.com/riverqueue/river
	github.com/robfig/cron/v3 => ../stubs/github.com/robfig/cron/v3
	github.com/stretchr/testify => ../stubs/github.com/stretchr/testify
	github.com/uptrace/bun => ../stubs/github.com/uptrace/bun
	go.mongodb.org/mongo-driver => ../stubs/go.mongodb.org/mongo-driver
	go.temporal.io/sdk => ../stubs/go.temporal.io/sdk
	golang.org/x/sync => ../stubs/golang.org/x/sync
	google.golang.org/grpc => ../stubs/google.golang.org/grpc
	gorm.io/gorm => ../stubs/gorm.io/gorm
	xorm.io/xorm => ../stubs/xorm.io/xorm
)
