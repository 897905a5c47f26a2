package train

// Eta returns the cyclical learning rate of update t, counted from 0 (Smith
// 2017): from EtaMin up to EtaMax in NS steps, down again in NS steps, and so on.
// With c = t mod 2·NS,
//
//	η = ηmin + (c/NS or 2 − c/NS)·(ηmax − ηmin).
func (c Config) Eta(t int) float64 {
	phase := float64(t%(2*c.NS)) / float64(c.NS)
	if phase > 1 {
		phase = 2 - phase
	}
	return c.EtaMin + phase*(c.EtaMax-c.EtaMin)
}
