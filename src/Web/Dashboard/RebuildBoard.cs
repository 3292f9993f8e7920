using System.Collections.Concurrent;
using Kappa.Views;

namespace Kappa.Web.Dashboard;

/// <summary>
/// What all dashboards together know of builds besides the builds themselves: how the last step on each view ended, and
/// fresh differences, since comparing reads two whole builds and a page loads twice. Thread-safe.
/// </summary>
public sealed class RebuildBoard(IRebuilds rebuilds, TimeProvider time) : IDisposable
{
    public const int KeysMax = 10;

    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, RebuildNote> _notes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private (string Id, DiffPage Page, long At)? _last;

    public void Dispose() => _one.Dispose();

    public RebuildNote? Of(string view) => _notes.GetValueOrDefault(view);

    /// <summary>Keeps the note for a view that there is; so there are never more notes than views.</summary>
    public void Note(string view, RebuildNote note) => _notes[view] = note;

    /// <summary>The sums and the first keys, at most some seconds old. One comparison runs at a time.</summary>
    public async Task<DiffPage> DiffAsync(string id, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && last.Id == id && time.GetElapsedTime(last.At) < _fresh)
                return last.Page;
            var page = await rebuilds.DiffAsync(id, null, KeysMax, cancellationToken);
            _last = (id, page, time.GetTimestamp());
            return page;
        }
        finally
        {
            _one.Release();
        }
    }
}
