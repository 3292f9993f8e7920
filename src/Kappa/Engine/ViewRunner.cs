using Kappa.Engine.Builds;
using Kappa.Engine.Diffing;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine;

/// <summary>One build of a view at work: its own readers, shards and store, sharing nothing but the log with others.</summary>
internal abstract class ViewRunner : IBuildSide, IAsyncDisposable
{
    private volatile bool _isServing;

    public abstract View View { get; }
    public int Version => View.Version;
    public abstract ViewInfo Info { get; }

    /// <summary>Where it keeps what it has; another directory than it was started with if that was of no use.</summary>
    public abstract BuildDirectory Build { get; }

    /// <summary>True if the code of its version is gone: it folds nothing and serves what it has.</summary>
    public abstract bool IsFrozen { get; }

    /// <summary>Up to where every shard is committed.</summary>
    public abstract Cut Watermark { get; }

    /// <summary>Up to where any shard is committed: no read shows more.</summary>
    public abstract Cut Furthest { get; }

    /// <summary>Up to where the shard of a key is committed.</summary>
    public abstract Cut WatermarkOf(string key);

    /// <summary>What holds it since it was opened, if it was paused before.</summary>
    public IDisposable? HeldAtStart { get; protected init; }

    /// <summary>One that serves, or is about to, folds at full speed; another gives way to live views.</summary>
    public bool IsServing
    {
        get => _isServing;
        set => _isServing = value;
    }

    /// <summary>Why it stopped, or what it waits for; null if all is well.</summary>
    public abstract string? Problem { get; }

    public abstract ValueTask<ReadResult> ReadAsync(string key, Receipt? receipt, TimeSpan wait, CancellationToken cancellationToken);
    public abstract ValueTask<ReadResult> ReadAtAsync(string key, Cut cut, TimeSpan wait, CancellationToken cancellationToken);
    public abstract Page<KeyInfo> Keys(string prefix, string? after, int take);
    public abstract Page<ViewEnvelope> Lookup(string lookup, string value, string? after, int take);
    public abstract IReadOnlyList<ViewEnvelope> Top(string rank, int take);
    public abstract IAsyncEnumerable<ViewEnvelope> WatchAsync(string key, WatchToken? token, WatchMode mode, CancellationToken cancellationToken);
    public abstract IAsyncEnumerable<IReadOnlyList<ViewEnvelope>> WatchTopAsync(string rank, int take, CancellationToken cancellationToken);
    public abstract Task<Page<HistoryItem>?> HistoryAsync(string key, long after, int take, CancellationToken cancellationToken);
    public abstract List<QuarantineItem> Quarantined(Position? afterPosition, string? afterKey, int take);
    public abstract Task<RetryResult> RetryAsync(string key, CancellationToken cancellationToken);
    public abstract Task<RetryResult> RetryAsync(Position position, CancellationToken cancellationToken);
    public abstract Task<AuditReport> AuditAsync(CancellationToken cancellationToken);

    /// <summary>Completes once every shard has committed a cut.</summary>
    public abstract Task ReachAsync(Cut cut, CancellationToken cancellationToken);

    /// <summary>
    /// Stops folding between two runs, with everything committed and all shards at one cut, until disposed. Of one that has failed, what still
    /// works stops.
    /// </summary>
    public abstract Task<IDisposable> HoldAsync(CancellationToken cancellationToken);

    /// <summary>From here on all watch tokens are of a new generation.</summary>
    public abstract void RaiseGeneration(long generation);

    /// <summary>Every key that ever had a state, deleted ones too, in no order.</summary>
    public abstract IEnumerable<string> KeysEver { get; }

    /// <summary>An instance's state as served, as of a cut that was reached; empty if it had none there. Exact, whatever came since.</summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> StateAtAsync(string key, Cut cut, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
