package effects

// GobEncode packs s. What a function says names the same few functions time and again, and its ways share their beginnings.
func (s *Summary) GobEncode() ([]byte, error) { return pack(s.code), nil }

// GobDecode unpacks what [Summary.GobEncode] packed.
func (s *Summary) GobDecode(data []byte) error { return unpack(data, s.code) }

// Said returns what s says, but for positions: equal bytes say the same.
func (s *Summary) Said() []byte { return said(s.code) }

// GobEncode packs p.
func (p *Package) GobEncode() ([]byte, error) { return pack(p.code), nil }

// GobDecode unpacks what [Package.GobEncode] packed.
func (p *Package) GobDecode(data []byte) error { return unpack(data, p.code) }

// Said returns what p says, but for positions: equal bytes say the same.
func (p *Package) Said() []byte { return said(p.code) }

func (s *Summary) code(c *coder) {
	list(c, &s.Performs, func(p *Performed) {
		number(c, &p.Effect)
		c.flag(&p.Used)
		number(c, &p.Async)
		c.way(&p.Way)
		number(c, &p.If)
		pointer(c, &p.Ask, func(q *Question) {
			number(c, &q.Param)
			number(c, &q.By)
		})
		c.flag(&p.Generated)
	})
	list(c, &s.Enqueues, func(q *Enqueued) {
		c.text(&q.Task)
		c.place(&q.Pos)
		number(c, &q.Ctx)
		c.way(&q.Way)
	})
	list(c, &s.Open, func(o *OpenEnd) {
		c.text(&o.Method)
		number(c, &o.Async)
		c.way(&o.Way)
		number(c, &o.If)
	})
	list(c, &s.Calls, func(p *ParamCall) {
		number(c, &p.Param)
		c.text(&p.Path)
		c.text(&p.Method)
		number(c, &p.Async)
		c.flag(&p.Known)
		c.flag(&p.Outer)
	})
	list(c, &s.Returns, func(r *Returned) {
		number(c, &r.Result)
		number(c, &r.Param)
		c.text(&r.Path)
		c.text(&r.Type)
		pointer(c, &r.Func, func(f *Summary) { f.code(c) })
	})
	list(c, &s.Stores, func(st *Stored) {
		number(c, &st.Param)
		c.text(&st.Path)
		c.text(&st.Place)
	})
	list(c, &s.Hands, func(i *int) { number(c, i) })
	c.way(&s.Unknown)
	pointer(c, &s.IsEffect, func(d *Declared) {
		number(c, &d.Kind)
		c.flag(&d.Named)
		c.flag(&d.Adapter)
		c.flag(&d.Task)
	})
}

func (p *Package) code(c *coder) {
	openEnd := func(o *OpenEnd) { // a condition counts for nothing
		c.text(&o.Method)
		number(c, &o.Async)
		c.way(&o.Way)
	}
	list(c, &p.Types, func(t *Implementer) {
		list(c, &t.Methods, func(m *uint64) { number(c, m) })
		list(c, &t.Acts, c.text)
	})
	list(c, &p.Acts, func(a *Act) {
		c.text(&a.Func)
		list(c, &a.Performs, func(b *Bound) {
			number(c, &b.Effect)
			c.flag(&b.Used)
			number(c, &b.Async)
			c.way(&b.Way)
		})
		list(c, &a.Open, openEnd)
	})
	list(c, &p.Leads, func(l *Lead) {
		c.text(&l.Func)
		list(c, &l.Open, openEnd)
	})
	list(c, &p.Interfaces, func(i *Interface) {
		list(c, &i.Methods, func(m *uint64) { number(c, m) })
		c.text(&i.Name)
		list(c, &i.Open, c.text)
	})
	list(c, &p.Places, c.text)
	list(c, &p.Stored, func(s *StoredFunc) {
		c.text(&s.Place)
		c.text(&s.Func)
	})
}
