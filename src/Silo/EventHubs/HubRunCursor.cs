using Orleans.Streams;

namespace Kappa.Silo.EventHubs;

/// <summary>Takes the runs of one stream out, one by one. A run is done with when the next one is asked for: by then it was delivered, or given up.</summary>
internal sealed class HubRunCursor(IQueueCacheCursor runs)
{
    private HubRunBatch? _current;

    public IBatchContainer? Next()
    {
        if (_current?.Stretch is { } stretch)
            stretch.Left--;
        _current = runs.MoveNext() ? (HubRunBatch?)runs.GetCurrent(out _) : null;
        return _current;
    }
}
