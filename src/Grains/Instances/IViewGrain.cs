using Kappa.Grains.Auditing;
using Orleans;
using Orleans.Concurrency;

namespace Kappa.Grains.Instances;

/// <summary>
/// One instance of one build of a view: the grain behind every read, watch, repair and proof. Whatever it answers is durable: a change that
/// waits to be written is written first. Calls are taken one by one.
/// </summary>
[Alias("kappa.view")]
public interface IViewGrain : IGrain
{
    /// <summary>The instance's record; empty if no event ever came to it.</summary>
    [Alias("read")]
    Task<byte[]> ReadAsync();

    /// <summary>Writes what waits to be written, if anything does.</summary>
    [Alias("flush")]
    Task FlushAsync();

    /// <summary>Reads, and tells the observer of changes from now on for 30 seconds; ask again in time.</summary>
    [Alias("watch")]
    Task<byte[]> WatchAsync(IInstanceObserver observer);

    /// <summary>Ends that; if the call is lost, the observer is forgotten after a while all the same.</summary>
    [OneWay, Alias("unwatch")]
    Task UnwatchAsync(IInstanceObserver observer);

    /// <summary>Makes sure that it has exactly what it is asked for: applies what is missing, folds again without what is too much.</summary>
    [Alias("audit")]
    Task<AuditAnswer> AuditAsync(AuditQuestion question);

    /// <summary>Gives it an event that was held at the view; it takes its place in the order of its partition under a new generation.</summary>
    [Alias("insert")]
    Task<InstanceRetry> InsertAsync(ulong position);

    /// <summary>Folds a quarantined instance on from the event that stopped it.</summary>
    [Alias("retry")]
    Task<InstanceRetry> RetryAsync();

    /// <summary>Adds up what it has of a cut from its whole history.</summary>
    [Alias("count")]
    Task<InstanceCount> CountAsync(long[] cut);

    /// <summary>The instance as of a cut.</summary>
    [Alias("moment")]
    Task<InstanceMoment> MomentAsync(long[] cut);

    /// <summary>Applied positions in order, packed, from a version on (the first is at 0).</summary>
    [Alias("positions")]
    Task<InstancePositions> PositionsAsync(long from, int take);

    /// <summary>Deletes all documents of the instance.</summary>
    [Alias("discard")]
    Task DiscardAsync();
}
