using Kappa.Grains.Instances;
using Orleans;

namespace Kappa.Grains.Auditing;

/// <summary>
/// Makes sure, for one partition and one build, that every event has reached each instance that it is routed to; its key is <c>build/partition</c>.
/// It follows the log at a small distance, asks the instances of each window for exactly their positions, and only then moves its durable
/// checkpoint on. That checkpoint is the build's watermark in the partition. A build that is behind is caught up in the same way, with the
/// events sent along: a rebuild is an audit from the start of the log.
/// </summary>
[Alias("kappa.auditor")]
public interface IPartitionAuditorGrain : IGrainWithStringKey
{
    /// <summary>Keeps it going (or at rest), and tells how far it is.</summary>
    [Alias("look-after")]
    Task<AuditorStatus> LookAfterAsync(bool isPaused);

    [Alias("status")]
    Task<AuditorStatus> StatusAsync();

    /// <summary>Audits up to a sequence at once; true as soon as that is done, false if the time was over first.</summary>
    [Alias("reach")]
    Task<bool> ReachAsync(long next, int waitMilliseconds);

    /// <summary>Brings the instances all events before a sequence, which no stream brings, and proves it; returns how far it is when that is done or the time is over.</summary>
    [Alias("bring")]
    Task<long> BringAsync(long next, int waitMilliseconds);

    /// <summary>The first events held at the view after a sequence: those that could not be routed.</summary>
    [Alias("held")]
    Task<List<HeldAtView>> HeldAsync(long after, int take);

    /// <summary>Routes again an event that is held at the view, and gives it to its instances.</summary>
    [Alias("retry")]
    Task<InstanceRetry> RetryAsync(long sequence);

    [Alias("discard")]
    Task DiscardAsync();
}
