using Kappa.Grains.Hosting;
using Kappa.Log;

namespace Kappa.Grains.Auditing;

/// <summary>Reads the windows of one auditor one after the other, and keeps what it takes to find duplicates in them.</summary>
internal sealed class WindowWalk(GrainsContext context, WindowReader reader, int partition) : IDisposable
{
    private DuplicateFilter? _duplicates;

    /// <summary>The window from a sequence on, as far as another one or what bounds a window. One that was not finished may be read again.</summary>
    public async Task<AuditWindow> ReadAsync(long from, long to) =>
        await reader.ReadAsync(partition, await DuplicatesAsync(from), to, context.Options.WindowEventsMax, CancellationToken.None);

    public void Dispose() => _duplicates?.Dispose();

    private async Task<DuplicateFilter> DuplicatesAsync(long from)
    {
        // What failed half-way is asked about again. To open a filter reads as much of the log as duplicates are looked for in.
        if (_duplicates is { } kept && kept.Next != from)
            kept.GoBack();
        if (_duplicates?.Next != from)
        {
            _duplicates?.Dispose();
            _duplicates = null;
            _duplicates = await DuplicateFilter.OpenAsync(context.LogReader, partition, context.Options.DuplicateWindow, from);
        }
        _duplicates.Mark();
        return _duplicates;
    }
}
