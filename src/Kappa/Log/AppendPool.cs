using System.Collections.Concurrent;

namespace Kappa.Log;

/// <summary>
/// Appends to be used again, so that an append of a few events allocates nothing. Few and small ones are kept: what a
/// burst needed must not stay for ever. Thread-safe.
/// </summary>
internal sealed class AppendPool(int partitions)
{
    private const int KeptMax = 256;
    private const int EventsMax = 1024;

    private readonly ConcurrentQueue<PendingAppend> _kept = [];

    public PendingAppend Take() => _kept.TryDequeue(out var append) ? append : new PendingAppend(partitions, GiveBack);

    private void GiveBack(PendingAppend append)
    {
        if (append.Room <= EventsMax && _kept.Count < KeptMax)
            _kept.Enqueue(append);
    }
}
