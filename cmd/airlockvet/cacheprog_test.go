package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// cacheprog speaks the protocol of GOCACHEPROG, and keeps what the go command hands it in the folder that is its argument: a cache
// that several machines share.
func cacheprog() {
	c := shared{dir: os.Args[1], out: json.NewEncoder(os.Stdout)}
	if err := os.MkdirAll(c.dir, 0o777); err != nil {
		log.Fatal(err)
	}
	c.reply(cacheResponse{KnownCommands: []string{"get", "put", "close"}})
	for dec := json.NewDecoder(bufio.NewReader(os.Stdin)); ; {
		var req cacheRequest
		if err := dec.Decode(&req); err == io.EOF {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		switch req.Command {
		case "get":
			c.get(req)
		case "put":
			c.put(req, dec)
		case "close":
			c.reply(cacheResponse{ID: req.ID})
			return
		}
	}
}

type cacheRequest struct {
	ID                 int64
	Command            string
	ActionID, OutputID []byte
	BodySize           int64
}

type cacheResponse struct {
	ID            int64
	KnownCommands []string   `json:",omitempty"`
	Miss          bool       `json:",omitempty"`
	OutputID      []byte     `json:",omitempty"`
	Size          int64      `json:",omitempty"`
	Time          *time.Time `json:",omitempty"`
	DiskPath      string     `json:",omitempty"`
}

type shared struct {
	dir string
	out *json.Encoder
}

func (c shared) reply(r cacheResponse) {
	if err := c.out.Encode(r); err != nil {
		log.Fatal(err)
	}
}

func (c shared) file(id []byte) string { return filepath.Join(c.dir, hex.EncodeToString(id)) }

func (c shared) get(req cacheRequest) {
	output, err := os.ReadFile(c.file(req.ActionID) + "-action")
	if err != nil {
		c.reply(cacheResponse{ID: req.ID, Miss: true})
		return
	}
	body := c.file(output)
	info, err := os.Stat(body)
	if err != nil {
		log.Fatal(err)
	}
	when := info.ModTime()
	c.reply(cacheResponse{ID: req.ID, OutputID: output, Size: info.Size(), Time: &when, DiskPath: body})
}

func (c shared) put(req cacheRequest, dec *json.Decoder) {
	var body []byte
	if req.BodySize > 0 {
		var text string
		if err := dec.Decode(&text); err != nil {
			log.Fatal(err)
		}
		var err error
		if body, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader(text))); err != nil {
			log.Fatal(err)
		}
	}
	file := c.file(req.OutputID)
	c.write(file, body)
	c.write(c.file(req.ActionID)+"-action", req.OutputID)
	c.reply(cacheResponse{ID: req.ID, DiskPath: file})
}

// write makes a file anew: whoever reads the one that was there, since many an action puts out the same, reads on.
func (c shared) write(file string, data []byte) {
	tmp := filepath.Join(c.dir, "tmp")
	if err := os.WriteFile(tmp, data, 0o666); err != nil {
		log.Fatal(err)
	}
	if err := os.Rename(tmp, file); err != nil {
		log.Fatal(err)
	}
}
