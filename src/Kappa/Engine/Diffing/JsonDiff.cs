using Kappa.Views;

namespace Kappa.Engine.Diffing;

/// <summary>
/// The differences of two JSON states. Numbers are compared by value, exactly and whatever their size; strings by their characters, however
/// they are escaped; properties by name, whatever their order; arrays by place. What is on one side only is one difference with
/// its JSON, and so is a value whose kind changed. Values are slices of the states given, not copies.
/// </summary>
internal static class JsonDiff
{
    /// <summary>
    /// None means same. An empty state is absent: it differs from any other as a whole, at the path "". For each difference
    /// <paramref name="fields"/>, if given, gets its field: the path with <c>*</c> for the places in arrays.
    /// </summary>
    public static List<FieldDiff> Of(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, List<string>? fields = null)
    {
        var walk = new JsonDiffWalk(fields);
        if (!before.IsEmpty && !after.IsEmpty)
            walk.Compare(before, after);
        else if (!before.IsEmpty || !after.IsEmpty)
            walk.Add(before, after);
        return walk.Found;
    }
}
