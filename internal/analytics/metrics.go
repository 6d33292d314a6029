package analytics

import "github.com/prometheus/client_golang/prometheus"

// recorderMetrics are what an operator watches of events coming in.
type recorderMetrics struct {
	inbox, spool prometheus.Counter
	lost         prometheus.Counter
	away         prometheus.Gauge
	replayed     prometheus.Counter
}

func newRecorderMetrics(r prometheus.Registerer) recorderMetrics {
	recorded := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "events_recorded_total", Help: "Events that were durable before their answer left, by where they went."}, []string{"to"})
	m := recorderMetrics{
		inbox: recorded.WithLabelValues("inbox"),
		spool: recorded.WithLabelValues("spool"),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "events_lost_total", Help: "Events that neither PostgreSQL nor the spool took; their answers carried no X-Request-Id."}),
		away: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "events_postgres_away", Help: "1 while events go to the spool because PostgreSQL does not answer."}),
		replayed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "events_packs_replayed_total", Help: "Packs of events taken from the spool to the inbox."}),
	}
	register(r, recorded, m.lost, m.away, m.replayed)
	return m
}

// workerMetrics are what an operator watches of events being unpacked.
type workerMetrics struct {
	unpacked prometheus.Counter
	aside    *prometheus.CounterVec
	age      prometheus.Gauge
}

func newWorkerMetrics(r prometheus.Registerer) workerMetrics {
	m := workerMetrics{
		unpacked: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "events_unpacked_total", Help: "Events stored in analytics."}),
		aside: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "events_set_aside_total", Help: "Events that could not be stored, by reason."}, []string{"reason"}),
		age: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "events_inbox_age_seconds", Help: "Age of the oldest pack that the last unpacking took."}),
	}
	register(r, m.unpacked, m.aside, m.age)
	return m
}

func register(r prometheus.Registerer, all ...prometheus.Collector) {
	if r != nil {
		r.MustRegister(all...)
	}
}
