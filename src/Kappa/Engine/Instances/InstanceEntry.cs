namespace Kappa.Engine.Instances;

/// <summary>
/// What stays in memory for every key of a shard. The shard's loop writes it; others read <see cref="Committed"/>,
/// which changes in one step. Nothing in it is replaced by a new object when its instance changes: entries are old, and
/// each old object that refers to a new one makes collections of the young generation longer.
/// </summary>
internal sealed class InstanceEntry(string key, int hash, int number)
{
    private CommittedInstance _committed;
    private long _writes;

    public string Key { get; } = key;

    /// <summary>The key's hash in the table.</summary>
    public int Hash { get; } = hash;

    /// <summary>Entries of a table are numbered from 0 in the order in which they came.</summary>
    public int Number { get; } = number;

    /// <summary>
    /// Null until the first commit. The loop writes it between two steps of a counter that is odd meanwhile; who reads takes
    /// a copy and keeps it if the counter has not moved.
    /// </summary>
    public CommittedInstance? Committed
    {
        get
        {
            for (var spin = new SpinWait(); ; spin.SpinOnce())
            {
                var before = Volatile.Read(ref _writes);
                if ((before & 1) != 0)
                    continue;
                var copy = _committed;
                Volatile.ReadBarrier();
                if (Volatile.Read(ref _writes) == before)
                    return before == 0 ? null : copy;
            }
        }
        set
        {
            Volatile.Write(ref _writes, _writes + 1);
            Volatile.WriteBarrier();
            _committed = value!.Value;
            Volatile.Write(ref _writes, _writes + 1);
        }
    }

    /// <summary>The place in the hot set of the instance in memory, or -1; the shard's loop alone touches it.</summary>
    public int Slot { get; set; } = -1;
}
