// Package elastic calls fields of function types.
package elastic

import (
	"context"
	"strings"

	"github.com/elastic/go-elasticsearch/v9"
	"github.com/elastic/go-elasticsearch/v9/esapi"
)

func calls(ctx context.Context, es *elasticsearch.Client) {
	es.Index("i", strings.NewReader("{}")) // want: search
	es.Search()                            // want: search query
	es.Indices.Create("i")                 // want: search
	es.Indices.Exists([]string{"i"})       // want: search query
	esapi.BulkRequest{}.Do(ctx, es)        // want: search
}
