using System.Diagnostics.CodeAnalysis;

namespace Kappa.Engine.Instances;

/// <summary>
/// Entries by key: one array with open addressing, which costs no object per key and nothing to copy but references when it
/// grows. One thread adds, any thread reads without a lock; a key that is added meanwhile may be missed.
/// </summary>
internal sealed class KeyTable
{
    private InstanceEntry?[] _slots = new InstanceEntry?[64];
    private int _count;

    public IEnumerable<InstanceEntry> All
    {
        get
        {
            var slots = Volatile.Read(ref _slots);
            for (var i = 0; i < slots.Length; i++)
                if (Volatile.Read(ref slots[i]) is { } entry)
                    yield return entry;
        }
    }

    public bool TryGet(string key, [NotNullWhen(true)] out InstanceEntry? entry)
    {
        var hash = key.GetHashCode(StringComparison.Ordinal);
        var slots = Volatile.Read(ref _slots);
        for (var at = First(hash, slots.Length); ; at = (at + 1) & (slots.Length - 1))
        {
            entry = Volatile.Read(ref slots[at]);
            if (entry is null)
                return false;
            if (entry.Hash == hash && entry.Key == key)
                return true;
        }
    }

    /// <summary>Adds a key that is not there yet.</summary>
    public InstanceEntry Add(string key)
    {
        // At most two thirds full, so that a search ends soon.
        if (3 * (_count + 1) > 2 * _slots.Length)
            Grow();
        var entry = new InstanceEntry(key, key.GetHashCode(StringComparison.Ordinal), _count++);
        Put(_slots, entry);
        return entry;
    }

    private void Grow()
    {
        var larger = new InstanceEntry?[_slots.Length * 2];
        foreach (var entry in _slots)
            if (entry is not null)
                Put(larger, entry);
        Volatile.Write(ref _slots, larger);
    }

    private static void Put(InstanceEntry?[] slots, InstanceEntry entry)
    {
        var at = First(entry.Hash, slots.Length);
        while (slots[at] is not null)
            at = (at + 1) & (slots.Length - 1);
        Volatile.Write(ref slots[at], entry);
    }

    // The high bits of a product spread keys whose hashes are alike.
    private static int First(int hash, int slots) => (int)((uint)hash * 0x9E3779B9u >> 7) & (slots - 1);
}
