namespace Kappa.Engine.Instances;

/// <summary>An instance under one of its lookup values; ordered by value, ordinally, then key.</summary>
internal readonly record struct LookupItem(string Value, InstanceEntry? Entry, string Key) : IComparable<LookupItem>
{
    public int CompareTo(LookupItem other)
    {
        var order = string.CompareOrdinal(Value, other.Value);
        return order != 0 ? order : Utf8Order.Instance.Compare(Key, other.Key);
    }
}
