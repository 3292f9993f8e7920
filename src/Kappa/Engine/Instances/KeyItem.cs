namespace Kappa.Engine.Instances;

/// <summary>An instance by its key, in the order of UTF-8 bytes.</summary>
internal readonly record struct KeyItem(string Key, InstanceEntry? Entry) : IComparable<KeyItem>
{
    public int CompareTo(KeyItem other) => Utf8Order.Instance.Compare(Key, other.Key);
}
