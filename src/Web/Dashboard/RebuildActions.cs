using System.Globalization;
using Kappa.Views;

namespace Kappa.Web.Dashboard;

/// <summary>What the buttons of the page of builds do: plain forms, answered by a redirect to that page, which shows how it ended.</summary>
internal static class RebuildActions
{
    public static async Task<IResult> StartAsync(HttpRequest request, IRebuilds rebuilds, RebuildBoard board, CancellationToken cancellationToken)
    {
        if (await DashboardActions.FormAsync(request, cancellationToken) is not { } form)
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        var view = form["view"].ToString();
        return await AnswerAsync(view, board, async () =>
        {
            var build = await rebuilds.StartAsync(view, null, cancellationToken);
            return new RebuildNote(true, $"The build {build.Id} of version {build.Version} has started.", []);
        });
    }

    public static async Task<IResult> StepAsync(HttpRequest request, string step, IRebuilds rebuilds, RebuildBoard board, CancellationToken cancellationToken)
    {
        if (await DashboardActions.FormAsync(request, cancellationToken) is not { } form)
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        try
        {
            var build = await rebuilds.GetBuildAsync(form["id"].ToString(), cancellationToken);
            return await AnswerAsync(build.View, board, () => DoAsync(step, build, form, rebuilds, cancellationToken));
        }
        catch (UnknownRebuildException)
        {
            return Results.NotFound();
        }
    }

    private static async Task<RebuildNote?> DoAsync(string step, RebuildInfo build, IFormCollection form, IRebuilds rebuilds, CancellationToken cancellationToken)
    {
        var name = $"The build {build.Id} of version {build.Version}";
        switch (step)
        {
            case "pause":
                await rebuilds.PauseAsync(build.Id, cancellationToken);
                return new RebuildNote(true, $"{name} is paused.", []);
            case "resume":
                await rebuilds.ResumeAsync(build.Id, cancellationToken);
                return new RebuildNote(true, $"{name} goes on.", []);
            case "rollback":
                var serving = await rebuilds.RollbackAsync(build.Id, cancellationToken);
                return new RebuildNote(true, $"Rolled back: the build {serving.Id} of version {serving.Version} serves again.", []);
            case "discard":
                await rebuilds.DiscardAsync(build.Id, cancellationToken);
                return new RebuildNote(true, $"{name} is discarded.", []);
            case "promote":
                if (!TryGate(form, out var gate))
                    return new RebuildNote(false, "Nothing was done: the most keys that may differ must be a whole number.", []);
                var result = await rebuilds.PromoteAsync(build.Id, gate, cancellationToken);
                return result.Promoted
                    ? new RebuildNote(true, $"{name} serves now, from the cut {result.Cut} on.", [])
                    : new RebuildNote(false, $"The gate refused to promote {build.Id}; nothing changed.", result.Refusals);
            default:
                return null;
        }
    }

    private static bool TryGate(IFormCollection form, out PromotionGate? gate)
    {
        gate = null;
        var (most, fields) = (form["changedMax"].ToString().Trim(), form["onlyFields"].ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        long? changedMax = null;
        if (most.Length > 0)
        {
            if (!long.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            changedMax = number;
        }
        if (changedMax is not null || fields.Length > 0)
            gate = new PromotionGate(changedMax, fields.Length > 0 ? fields : null);
        return true;
    }

    private static async Task<IResult> AnswerAsync(string view, RebuildBoard board, Func<Task<RebuildNote?>> act)
    {
        try
        {
            if (await act() is not { } note)
                return Results.NotFound();
            board.Note(view, note);
        }
        catch (UnknownViewException)
        {
            return Results.NotFound();
        }
        catch (Exception e) when (e is RebuildStateException or UnknownRebuildException or ViewFailedException)
        {
            board.Note(view, new RebuildNote(false, e.Message, []));
        }
        catch (EngineStoppedException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        return Results.Redirect(Links.Rebuilds);
    }
}
