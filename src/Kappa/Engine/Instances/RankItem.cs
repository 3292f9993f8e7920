namespace Kappa.Engine.Instances;

/// <summary>An instance under one of its rank values; the highest first, ties by key.</summary>
internal readonly record struct RankItem(decimal Value, InstanceEntry Entry) : IComparable<RankItem>
{
    public int CompareTo(RankItem other)
    {
        var order = other.Value.CompareTo(Value);
        return order != 0 ? order : Utf8Order.Instance.Compare(Entry.Key, other.Entry.Key);
    }
}
