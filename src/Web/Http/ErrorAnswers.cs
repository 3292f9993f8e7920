using Kappa.Log;
using Kappa.Views;

namespace Kappa.Web.Http;

/// <summary>The outermost step: whatever goes wrong behind it, the caller gets problem details, and never a stack trace.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null } response)
                await ProblemJson.WriteAsync(context, Problem.OfStatus(response.StatusCode));
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The caller has gone; there is nobody to answer. An I/O error of the log without that is answered below.
            if (e is LogUnavailableException or LogCorruptException)
                LogFailed(logger, context.Request.Method, context.Request.Path, e);
        }
        catch (Exception e)
        {
            var problem = Of(e);
            if (problem.Status == StatusCodes.Status500InternalServerError)
                LogFailed(logger, context.Request.Method, context.Request.Path, e);
            if (context.Response.HasStarted)
            {
                // Half an answer must not look like a whole one.
                context.Abort();
                return;
            }
            context.Response.Clear();
            await ProblemJson.WriteAsync(context, problem);
        }
    }

    private static Problem Of(Exception exception) => exception switch
    {
        ProblemException e => e.Problem,
        UnknownViewException e => Problem.NotFound("unknown-view", $"{e.Message} GET /views lists those that there are.", "view"),
        UnknownRebuildException e => Problem.NotFound("unknown-rebuild", $"{e.Message} GET /rebuilds lists the builds that there are."),
        RebuildStateException e => new Problem(StatusCodes.Status409Conflict, "rebuild-state", "The build is not in the state for this.", e.Message),
        UnknownIndexException e => Problem.NotFound("unknown-index", $"{e.Message} GET /views lists the lookups and ranks of each view.", "lookup"),
        ViewFailedException e => Problem.Unavailable("view-failed", "This view has stopped.", e.Message, 10),
        EngineStoppedException or ObjectDisposedException => Problem.Unavailable("stopping", "The host is stopping.", "Try again when it has started."),
        LogUnavailableException e => Problem.Unavailable("log-unavailable", "The log cannot store events now.",
            $"{e.Message} Reads go on. Send the same events again later; what was stored already is dropped as a duplicate."),
        LogRetiredException e => new Problem(StatusCodes.Status410Gone, "retired", "The log no longer has the events that this needs.", e.Message),
        LogCorruptException e => Problem.Unavailable("log-damaged", "This part of the log is damaged and is not served.", e.Message, 60),
        BadHttpRequestException e => Problem.OfStatus(e.StatusCode),
        OperationCanceledException => Problem.Unavailable("stopping", "The host is stopping.", "Try again when it has started."),
        TooManyWatchersException e => Problem.Overloaded("too-many-watches", e.Message),
        InvalidAsOfException e => Problem.BadRequest("at", e.Message),
        InvalidCursorException => Problem.BadRequest("after", "after is not the 'next' of a page before; pass its text unchanged."),
        _ => Problem.OfStatus(StatusCodes.Status500InternalServerError),
    };

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFailed(ILogger logger, string method, string path, Exception exception);
}
