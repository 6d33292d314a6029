package jobs

import "github.com/prometheus/client_golang/prometheus"

// metrics are what an operator watches of jobs.
type metrics struct {
	ended *prometheus.CounterVec
	took  *prometheus.HistogramVec
	late  prometheus.Gauge
	rows  *prometheus.GaugeVec
}

func newMetrics(r prometheus.Registerer) metrics {
	m := metrics{
		ended: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jobs_ended_total", Help: "Jobs that this process had, by what came of them: done, failed (tried again), dead, returned, lost, unsaid."}, []string{"kind", "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jobs_seconds", Help: "How long jobs took, by kind.", Buckets: []float64{.01, .1, 1, 10, 60, 600}}, []string{"kind"}),
		late: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jobs_late_seconds", Help: "How late the job was that was taken last."}),
		rows: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "jobs_rows", Help: "Jobs of all processes that are not done, by state: waiting, running, dead."}, []string{"state"}),
	}
	if r != nil {
		r.MustRegister(m.ended, m.took, m.late, m.rows)
	}
	return m
}
