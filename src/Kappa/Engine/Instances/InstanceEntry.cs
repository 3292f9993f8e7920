namespace Kappa.Engine.Instances;

/// <summary>
/// What stays in memory for every key of a shard. The shard's loop writes it; others read <see cref="Committed"/>,
/// which changes in one step.
/// </summary>
internal sealed class InstanceEntry(string key)
{
    private CommittedInstance? _committed;

    public string Key { get; } = key;

    /// <summary>Null until the first commit.</summary>
    public CommittedInstance? Committed
    {
        get => Volatile.Read(ref _committed);
        set => Volatile.Write(ref _committed, value);
    }

    /// <summary>The instance in memory, or null; the shard's loop alone touches it.</summary>
    public object? Hot { get; set; }

    /// <summary>The committed values by which the shard's indexes hold it; guarded by the indexes' lock.</summary>
    public string?[] LookupValues { get; set; } = [];
    public decimal?[] RankValues { get; set; } = [];
}
