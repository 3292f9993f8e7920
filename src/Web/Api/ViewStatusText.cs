using Kappa.Views;

namespace Kappa.Web.Api;

/// <summary>The words that the API has for the status of a view.</summary>
public static class ViewStatusText
{
    public static string Text(this ViewStatus status) => status switch
    {
        ViewStatus.Live => "live",
        ViewStatus.CatchingUp => "catching-up",
        ViewStatus.Suspect => "suspect",
        ViewStatus.Stale => "stale",
        ViewStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A status that the API has no word for."),
    };
}
