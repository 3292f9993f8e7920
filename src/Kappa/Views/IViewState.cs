using System.Text.Json.Serialization.Metadata;

namespace Kappa.Views;

/// <summary>
/// What a view keeps per key. A state is written as JSON through its source-generated contract; the same state must
/// always give the same bytes (so no hash-ordered collections). Top-level properties whose name starts with
/// <c>$</c> belong to the fold: they are stored and compared, but never served.
/// </summary>
public interface IViewState<TSelf> where TSelf : class, IViewState<TSelf>
{
    /// <summary>The state before the first event of a key.</summary>
    static abstract TSelf Start(string key);

    static abstract JsonTypeInfo<TSelf> Json { get; }
}
