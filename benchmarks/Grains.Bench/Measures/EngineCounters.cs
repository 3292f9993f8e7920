using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kappa.Diagnostics;

namespace Kappa.GrainsBench.Measures;

/// <summary>Adds up the engine's own counters while it lives. Thread-safe.</summary>
internal sealed class EngineCounters : IDisposable
{
    private readonly ConcurrentDictionary<string, Sum> _sums = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public EngineCounters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == KappaMetrics.MeterName && instrument is Counter<long>)
                listener.EnableMeasurementEvents(instrument, _sums.GetOrAdd(instrument.Name, _ => new Sum()));
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, sum) => ((Sum)sum!).Add(value));
        _listener.Start();
    }

    /// <summary>Events that streams brought to their instances.</summary>
    public long Delivered => Of("kappa.grains.delivered");

    public long Questions => Of("kappa.audit.questions");
    public long Audited => Of("kappa.audit.events");
    public long Repairs => Of("kappa.audit.repairs");

    public void Dispose() => _listener.Dispose();

    private long Of(string name) => _sums.TryGetValue(name, out var sum) ? sum.Value : 0;

    private sealed class Sum
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add(long more) => Interlocked.Add(ref _value, more);
    }
}
