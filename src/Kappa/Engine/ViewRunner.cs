using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine;

/// <summary>One view version at work: its own readers, shards and store, sharing nothing but the log with others.</summary>
internal abstract class ViewRunner : IAsyncDisposable
{
    public abstract View View { get; }
    public abstract ViewInfo Info { get; }

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

    public abstract ValueTask DisposeAsync();
}
