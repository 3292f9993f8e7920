namespace Kappa.Engine.Instances;

/// <summary>
/// One value for each entry of a table, by the entry's number: in blocks, so that neither an entry needs an object for it nor
/// a growing array is copied. Guarded by its owner's lock.
/// </summary>
internal sealed class Column<T>
{
    private const int BlockValues = 1024;

    private readonly List<T?[]> _blocks = [];

    /// <summary>The default for an entry that was never given one.</summary>
    public T? this[InstanceEntry entry]
    {
        get => entry.Number / BlockValues < _blocks.Count ? _blocks[entry.Number / BlockValues][entry.Number % BlockValues] : default;
        set
        {
            while (_blocks.Count <= entry.Number / BlockValues)
                _blocks.Add(new T?[BlockValues]);
            _blocks[entry.Number / BlockValues][entry.Number % BlockValues] = value;
        }
    }
}
