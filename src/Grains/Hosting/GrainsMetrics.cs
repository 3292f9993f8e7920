using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kappa.Diagnostics;

namespace Kappa.Grains.Hosting;

/// <summary>The metrics of the Orleans engine, in the core's meter.</summary>
internal sealed class GrainsMetrics
{
    private readonly Counter<long> _audited = KappaMetrics.Meter.CreateCounter<long>("kappa.audit.events", "{event}", "Events whose instances were asked for them.");
    private readonly Counter<long> _questions = KappaMetrics.Meter.CreateCounter<long>("kappa.audit.questions", "{question}", "Instances asked by auditors.");
    private readonly Counter<long> _repaired = KappaMetrics.Meter.CreateCounter<long>("kappa.audit.repairs", "{event}", "Events that an instance lacked or had too much, mended by an auditor.");
    private readonly Counter<long> _refolded = KappaMetrics.Meter.CreateCounter<long>("kappa.audit.refolds", "{instance}", "Instances folded again in another order.");
    private readonly Counter<long> _delivered = KappaMetrics.Meter.CreateCounter<long>("kappa.grains.delivered", "{event}", "Events that streams brought to their instances.");
    private readonly Counter<long> _stopped = KappaMetrics.Meter.CreateCounter<long>("kappa.grains.quarantines", "{instance}", "Instances that stopped at an event.");

    public void Audited(string view, long events, long questions, long repairs, long refolds)
    {
        var tag = Tag(view);
        _audited.Add(events, tag);
        _questions.Add(questions, tag);
        if (repairs > 0)
            _repaired.Add(repairs, tag);
        if (refolds > 0)
            _refolded.Add(refolds, tag);
    }

    public void Delivered(string view, int events) => _delivered.Add(events, Tag(view));

    public void Stopped(string view) => _stopped.Add(1, Tag(view));

    private static TagList Tag(string view) => KappaMetrics.ViewTag(view);
}
