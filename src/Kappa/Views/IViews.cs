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

    /// <summary>
    /// Reads one instance as of a moment, however long ago: the fold of exactly those of its events that lie in the cut, in
    /// the order in which they were applied. Waits, up to <paramref name="wait"/>, until the view has dealt with that cut.
    /// Reads as of one cut belong together, whatever their keys and views. Events that are held are in no instance:
    /// past a quarantine there is no answer, and what is held at the view itself is left out.
    /// </summary>
    /// <remarks>
    /// The envelope's version counts the events applied in the cut. Its token resumes a watch right there if the instance
    /// has ever been in this state; if events of several partitions were applied in another order than the cut has them, it never was,
    /// and the token's generation is 0, from which a watch starts with a snapshot marked as reset.
    /// </remarks>
    /// <exception cref="InvalidAsOfException">The moment lies in the future or beyond the end of the log.</exception>
    /// <exception cref="LogRetiredException">The log no longer has the events that are needed.</exception>
    ValueTask<ReadResult> ReadAtAsync(string view, string key, AsOf at, TimeSpan wait = default, CancellationToken cancellationToken = default);

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
