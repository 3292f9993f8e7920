using Kappa.Log;
using Kappa.Views;

namespace Kappa.Web.Dashboard;

/// <summary>What the dashboard's buttons do: plain forms, answered by a redirect to the page that shows the outcome.</summary>
internal static class DashboardActions
{
    public static async Task<IResult> RetryAsync(HttpRequest request, IViews views, CancellationToken cancellationToken)
    {
        if (await FormAsync(request, cancellationToken) is not { } form)
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        var (view, key) = (form["view"].ToString(), form["key"].ToString());
        try
        {
            if (key.Length > 0)
                return Results.Redirect(Links.Instance(view, key) + Outcome(await views.RetryAsync(view, key, cancellationToken), '&'));
            return Position.TryParse(form["position"].ToString(), out var position)
                ? Results.Redirect(Links.Quarantine + Outcome(await views.RetryAsync(view, position, cancellationToken), '?'))
                : Results.BadRequest();
        }
        catch (UnknownViewException)
        {
            return Results.NotFound();
        }
        catch (Exception e) when (e is ViewFailedException or EngineStoppedException)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    public static async Task<IResult> AuditAsync(HttpRequest request, AuditBoard board, CancellationToken cancellationToken)
    {
        if (await FormAsync(request, cancellationToken) is not { } form)
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        await board.StartAsync(form["view"].ToString(), cancellationToken);
        return Results.Redirect(Links.Audit);
    }

    /// <summary>The form; null if a page of another site sent it.</summary>
    public static async Task<IFormCollection?> FormAsync(HttpRequest request, CancellationToken cancellationToken) =>
        DashboardSecurity.IsSameOrigin(request) && request.HasFormContentType ? await request.ReadFormAsync(cancellationToken) : null;

    private static string Outcome(RetryResult result, char separator) =>
        $"{separator}retry={result.Status}&applied={result.Applied}&held={result.Held}";
}
