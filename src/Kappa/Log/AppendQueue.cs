namespace Kappa.Log;

/// <summary>What waits to be written to one partition, in order. Any thread puts, one takes.</summary>
internal sealed class AppendQueue(int partition, long bytesMax)
{
    private readonly Queue<PendingAppend> _waiting = [];
    private long _bytes;
    private bool _complete, _woken;

    /// <summary>Claims room; false if too much is waiting. Room is given back by <see cref="Release"/>.</summary>
    public bool TryReserve(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= bytesMax)
            return true;
        Release(bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>False if the queue was completed: then nothing was put.</summary>
    public bool TryPut(PendingAppend append)
    {
        lock (_waiting)
        {
            if (_complete)
                return false;
            _waiting.Enqueue(append);
            if (_waiting.Count == 1)
                Monitor.Pulse(_waiting);
            return true;
        }
    }

    /// <summary>
    /// Waits for something, and takes everything that waits, up to about <paramref name="groupBytesMax"/>; nothing if it
    /// was only woken. False once the queue is complete and empty.
    /// </summary>
    public bool Take(List<PendingAppend> into, long groupBytesMax)
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_complete)
                    return false;
                if (_woken)
                    break;
                Monitor.Wait(_waiting);
            }
            _woken = false;
            var bytes = 0L;
            while (_waiting.TryPeek(out var append) && (into.Count == 0 || bytes + append.Bytes(partition) <= groupBytesMax))
            {
                bytes += append.Bytes(partition);
                into.Add(_waiting.Dequeue());
            }
            return true;
        }
    }

    /// <summary>Makes the one who takes come back, though nothing may be waiting.</summary>
    public void Wake()
    {
        lock (_waiting)
        {
            _woken = true;
            Monitor.Pulse(_waiting);
        }
    }

    public void Complete()
    {
        lock (_waiting)
        {
            _complete = true;
            Monitor.Pulse(_waiting);
        }
    }
}
