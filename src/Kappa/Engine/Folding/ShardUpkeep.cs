using Kappa.Engine.Instances;
using Kappa.Engine.Store;
using Kappa.Log;

namespace Kappa.Engine.Folding;

/// <summary>
/// The housekeeping of a shard's store beside the fold: cleaning in slices, and a flush now and then on another thread.
/// Flushes are lazy because the log is the truth: after a loss of power the tail is folded again, and how long that
/// takes is all that they bound.
/// </summary>
internal sealed class ShardUpkeep(ShardStore store, InstanceTable table, UnroutableEvents unroutable, TimeProvider time, ShardOptions options) : IDisposable
{
    private const int CleanSliceBytesMin = 64 << 10;
    private const int CleanSliceBytesMax = 32 << 20;
    private const long WatermarkEventsMax = 40_000;
    private static readonly TimeSpan _flushInterval = TimeSpan.FromSeconds(10);

    private readonly ShardCleaning _cleaning = new(table, unroutable);
    private Task _flush = Task.CompletedTask;
    private long _flushedAt = time.GetTimestamp();
    private long _flushedCommit = store.CommitNumber;
    private long _written;
    private long _unflushed;
    private int _pins;

    /// <summary>So much was committed. Cleaning twice as much keeps up with any amount of overwriting.</summary>
    public void Wrote(long bytes)
    {
        _written += bytes;
        _unflushed += bytes;
    }

    /// <summary>Cleans a slice, unless somebody has pinned the files. True if it moved records, which wait for a commit.</summary>
    public bool Clean()
    {
        if (Volatile.Read(ref _pins) > 0)
            return false;
        store.Clean((int)Math.Clamp(2 * _written, CleanSliceBytesMin, CleanSliceBytesMax), _cleaning);
        _written = 0;
        return store.StagedBytes > 0;
    }

    /// <summary>After each commit: moved records are found at their new places.</summary>
    public void Published() => _cleaning.Publish();

    public bool IsWatermarkOld(Cut now) => now.Count - store.Watermark.Count > WatermarkEventsMax;

    public void FlushNowAndThen()
    {
        if (!_flush.IsCompleted || store.CommitNumber == _flushedCommit)
            return;
        if (time.GetElapsedTime(_flushedAt) < _flushInterval && (_unflushed < ShardOptions.GentleFlushBytes || !options.IsGentle()))
            return;
        // A failed flush shows here, one interval later, and stops the shard: what was not flushed may be lost on the device.
        // A full disk is no such failure; it is tried again.
        if (_flush.Exception?.InnerException is not DiskFullException)
            _flush.GetAwaiter().GetResult();
        (_flushedAt, _flushedCommit, _unflushed) = (time.GetTimestamp(), store.CommitNumber, 0);
        _flush = options.Flushes.Add(store.Flush);
    }

    public async ValueTask FlushAsync()
    {
        await _flush.ConfigureAwait(false);
        store.Flush();
    }

    public IDisposable Pin()
    {
        Interlocked.Increment(ref _pins);
        return new Pinned(this);
    }

    public void Dispose()
    {
        // The store must not be closed under a flush; what the flush says no longer matters here.
        ((IAsyncResult)_flush).AsyncWaitHandle.WaitOne();
    }

    private sealed class Pinned(ShardUpkeep upkeep) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
                Interlocked.Decrement(ref upkeep._pins);
        }
    }
}
