using Kappa.Views;

namespace Kappa.Web.Live;

/// <summary>One push of a watched rank, in the shape of a list.</summary>
public sealed record TopItems(IReadOnlyList<ViewEnvelope> Items)
{
    /// <summary>Always null: a rank has no further pages.</summary>
    public string? Next => null;
}
