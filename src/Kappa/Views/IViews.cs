using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// Everything that can be asked of views, the same on every engine. Thread-safe. Reads see committed states only.
/// Outcomes that a caller must expect are values, not exceptions; an unknown view is <see cref="UnknownViewException"/>,
/// an unknown lookup or rank <see cref="UnknownIndexException"/>.
/// </summary>
public interface IViews
{
    /// <summary>Every view with how it is doing.</summary>
    ValueTask<IReadOnlyList<ViewInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads one instance. With a receipt it waits, up to <paramref name="wait"/>, until the key's state includes that
    /// append, or says that it does not yet.
    /// </summary>
    ValueTask<ReadResult> ReadAsync(string view, string key, Receipt? receipt = null, TimeSpan wait = default,
        CancellationToken cancellationToken = default);

    /// <summary>Keys that start with a prefix, in the order of their UTF-8 bytes; deleted instances are left out.</summary>
    /// <param name="after">The <see cref="Page{T}.Next"/> of the page before, or null; anything else is <see cref="InvalidCursorException"/>.</param>
    ValueTask<Page<KeyInfo>> KeysAsync(string view, string prefix, string? after, int take,
        CancellationToken cancellationToken = default);

    /// <summary>The instances whose lookup value equals (or, for a prefix lookup, starts with) a text, by value, then key.</summary>
    /// <param name="after">The <see cref="Page{T}.Next"/> of the page before, or null.</param>
    ValueTask<Page<ViewEnvelope>> LookupAsync(string view, string lookup, string value, string? after, int take,
        CancellationToken cancellationToken = default);

    /// <summary>The first instances of a rank.</summary>
    ValueTask<IReadOnlyList<ViewEnvelope>> TopAsync(string view, string rank, int take, CancellationToken cancellationToken = default);

    /// <summary>
    /// An instance's snapshot, then its changes without gap or repeat; from where <paramref name="token"/> stands if it
    /// can be resumed, else from a snapshot marked as reset. Ends only when cancelled or when the engine stops
    /// (<see cref="EngineStoppedException"/>). A slow caller never holds up the fold.
    /// </summary>
    IAsyncEnumerable<ViewEnvelope> WatchAsync(string view, string key, WatchToken? token, WatchMode mode,
        CancellationToken cancellationToken = default);

    /// <summary>The first instances of a rank, now and again whenever they changed; changes that come fast are merged.</summary>
    IAsyncEnumerable<IReadOnlyList<ViewEnvelope>> WatchTopAsync(string view, string rank, int take,
        CancellationToken cancellationToken = default);

    /// <summary>Explains an instance: each event that it applied, in order, with the state before and after, from version after + 1 on.</summary>
    ValueTask<Page<HistoryItem>?> HistoryAsync(string view, string key, long after, int take,
        CancellationToken cancellationToken = default);

    /// <summary>What is quarantined, over all views.</summary>
    ValueTask<Page<QuarantineItem>> QuarantineAsync(string? after, int take, CancellationToken cancellationToken = default);

    /// <summary>Folds a quarantined instance on from the event that stopped it.</summary>
    ValueTask<RetryResult> RetryAsync(string view, string key, CancellationToken cancellationToken = default);

    /// <summary>Routes again an event that is held at the view itself.</summary>
    ValueTask<RetryResult> RetryAsync(string view, Position position, CancellationToken cancellationToken = default);

    /// <summary>Proves a view against the log: recomputes what each instance must have applied, and compares.</summary>
    ValueTask<AuditReport> AuditAsync(string view, CancellationToken cancellationToken = default);
}
