using Kappa.Views;
using Microsoft.AspNetCore.Components;

namespace Kappa.Web.Dashboard;

/// <summary>
/// The base of every page: it loads once and, where the page is live, then follows. What it follows ends with the
/// component. Everything runs on the renderer's dispatcher, so a page needs no locks.
/// </summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    /// <summary>The shortest time between two renderings: a hot key must not flood the browser.</summary>
    protected static readonly TimeSpan RenderEvery = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _ended = new();
    private Task _following = Task.CompletedTask;

    [Parameter, EditorRequired] public required PageContext Page { get; set; }

    [Inject] public required IViews Views { get; set; }

    [Inject] public required TimeProvider Time { get; set; }

    [Inject] public required ILoggerFactory Loggers { get; set; }

    /// <summary>Why the page cannot show what it is about, or null.</summary>
    protected string? Problem { get; private set; }

    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    protected virtual Task FollowAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Renders anew, and says so to whoever sends the page on.</summary>
    protected void Show()
    {
        StateHasChanged();
        Page.Changed.Raise();
    }

    protected sealed override async Task OnInitializedAsync()
    {
        await GuardedAsync(LoadAsync);
        if (Page.Live && Problem is null)
            _following = FollowUntilEndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _following;
        _ended.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task FollowUntilEndedAsync()
    {
        await GuardedAsync(FollowAsync);
        if (!_ended.IsCancellationRequested)
            Show();
    }

    /// <summary>Nothing that one page meets may end more than that page; it says what happened instead.</summary>
    private async Task GuardedAsync(Func<CancellationToken, Task> step)
    {
        try
        {
            await step(_ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The browser left.
        }
        catch (KeyNotFoundException e)
        {
            Refuse(StatusCodes.Status404NotFound, e.Message);
        }
        catch (Exception e) when (e is ViewFailedException or EngineStoppedException or TooManyWatchersException)
        {
            Refuse(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        catch (Exception e)
        {
            DashboardLog.PageFailed(Loggers.CreateLogger(GetType()), e, Page.Path);
            Refuse(StatusCodes.Status500InternalServerError, e.Message);
        }
    }

    private void Refuse(int status, string problem) => (Page.Status, Problem) = (status, problem);
}
