namespace Kappa.Log;

/// <summary>
/// The growing end of one partition: writes groups, flushes them as the policy wants, begins new segments. After a
/// failure nothing of the group counts, and the next write starts where the failed one did. Used by one thread.
/// </summary>
internal sealed class PartitionTail(IDisk disk, PartitionLog log, LogOptions options, TimeProvider time, uint lastCrc, long lastTicks)
{
    // Without a flush now and then, nothing could tell damage to what was acknowledged long ago from a torn tail.
    private const long UnflushedBytesMax = 8 << 20;

    private bool _stray;
    private bool _flushed = true;
    private long _unflushedBytes;

    public uint LastCrc { get; private set; } = lastCrc;

    /// <summary>Gets ready to write a group, and begins it.</summary>
    public void Begin(GroupWriter group)
    {
        CutStray();
        if (log.Active.Length >= options.SegmentBytesMax)
            Roll();
        else if (_unflushedBytes >= UnflushedBytesMax)
            Flush();
        group.Begin(log.Next, Math.Max(lastTicks, time.GetUtcNow().UtcTicks), LastCrc, _flushed);
    }

    /// <summary>Writes a group and makes it visible: once this returns it is as durable as the policy says.</summary>
    public void Write(GroupWriter group)
    {
        group.End();
        var segment = log.Active;
        _stray = true;
        segment.File.Write(segment.Length, group.Bytes);
        if (options.Flush == FlushPolicy.EveryAppend)
            segment.File.Flush();
        _stray = false;
        _flushed = options.Flush == FlushPolicy.EveryAppend;
        _unflushedBytes += _flushed ? 0 : group.Bytes.Length;
        LastCrc = group.LastCrc;
        lastTicks = group.Ticks;
        log.Publish(group);
    }

    /// <summary>Begins a new segment, unless the last one is empty.</summary>
    public void Seal()
    {
        CutStray();
        if (log.Active.Length > 0)
            Roll();
    }

    /// <summary>Leaves nothing but whole, flushed groups behind, and says where they end.</summary>
    public CleanEnd Close()
    {
        CutStray();
        log.Active.File.Flush();
        return new CleanEnd(log.Partition, log.Active.Base, log.Active.Length, log.Next);
    }

    /// <summary>Cuts off what a failed write may have left, lest it be taken for what was written later.</summary>
    private void CutStray()
    {
        if (!_stray)
            return;
        log.Active.File.SetLength(log.Active.Length);
        _stray = false;
        _flushed = options.Flush == FlushPolicy.EveryAppend;
    }

    private void Flush()
    {
        log.Active.File.Flush();
        _flushed = true;
        _unflushedBytes = 0;
    }

    /// <summary>Only the last segment may hold anything that is not flushed: recovery relies on that.</summary>
    private void Roll()
    {
        if (!_flushed)
            Flush();
        var segment = new Segment(disk, log.Directory, log.Next, log.Files);
        try
        {
            if (segment.File.Length > 0)
                throw log.Damaged(segment, 0, "a file that is new should be empty");
            disk.FlushDirectory(log.Directory);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
        // Before the new one is there, as from then on the full one may be judged for retirement by what its end says.
        log.Active.Seal(LastCrc, lastTicks);
        log.Add(segment);
    }
}
