using System.Runtime.CompilerServices;
using Kappa.Views;
using Kappa.Web.Http;
using Microsoft.AspNetCore.SignalR;

namespace Kappa.Web.Live;

/// <summary>
/// Watches over SignalR. Clients always pass all arguments, null for none. A stream that ends with an error can be
/// resumed with the last token; SignalR waits for a slow client before it asks for the next state.
/// </summary>
public sealed class LiveHub(IViews views, WatchPlaces places, IHostApplicationLifetime lifetime) : Hub
{
    public const string Path = "/live";

    /// <summary>An instance's snapshot, or what follows on a token, then its changes.</summary>
    public IAsyncEnumerable<ViewEnvelope> Watch(string? view, string? key, string? token, string? mode, CancellationToken cancellationToken)
    {
        var (name, at, from, how) = Checked(() => (Name("view", view), QueryText.Key(key), QueryText.Token(token), QueryText.Mode(mode)));
        return BoundedAsync(ended => Spanned(() => views.WatchAsync(name, at, from, how, ended)), cancellationToken);
    }

    /// <summary>The first instances of a rank, now and whenever they change.</summary>
    public IAsyncEnumerable<TopItems> WatchTop(string? view, string? rank, int? take, CancellationToken cancellationToken)
    {
        var (name, by, count) = Checked(() => (Name("view", view), Name("rank", rank),
            take is null or (>= 1 and <= QueryText.TakeMax) ? take ?? QueryText.TakeDefault
                : throw Problem.BadRequest("take", $"take is {take}, but must be 1 to {QueryText.TakeMax}.").AsException()));
        return BoundedAsync(ended => Listed(() => views.WatchTopAsync(name, by, count, ended)), cancellationToken);
    }

    private async IAsyncEnumerable<T> BoundedAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!places.TryTake())
            throw new HubException("This host serves as many watches as it may (Kappa:Watch:WatchersMax); try again shortly.");
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
            await using var items = watch(ended.Token).GetAsyncEnumerator(CancellationToken.None);
            while (await NextAsync(items, lifetime.ApplicationStopping))
                yield return items.Current;
        }
        finally
        {
            places.GiveBack();
        }
    }

    private static async ValueTask<bool> NextAsync<T>(IAsyncEnumerator<T> items, CancellationToken stopping)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception e) when (e is UnknownViewException or UnknownIndexException or ViewFailedException or TooManyWatchersException)
        {
            throw new HubException(e.Message);
        }
        catch (Exception e) when (e is EngineStoppedException || (e is OperationCanceledException && stopping.IsCancellationRequested))
        {
            throw new HubException("The host is stopping; watch again with the last token when it is back.");
        }
    }

    private static async IAsyncEnumerable<ViewEnvelope> Spanned(Func<IAsyncEnumerable<ViewEnvelope>> watch)
    {
        // Called in here, so that what it throws at once is told like what it throws later.
        await foreach (var state in watch())
        {
            // SignalR takes the state when it asks for the next one, so the span covers the write.
            using var span = WebTracing.Push(state);
            yield return state;
        }
    }

    private static async IAsyncEnumerable<TopItems> Listed(Func<IAsyncEnumerable<IReadOnlyList<ViewEnvelope>>> watch)
    {
        await foreach (var top in watch())
            yield return new TopItems(top);
    }

    private static string Name(string field, string? text) =>
        string.IsNullOrEmpty(text) ? throw Problem.BadRequest(field, $"{field} is missing.").AsException() : text;

    private static T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ProblemException e)
        {
            throw new HubException(e.Message);
        }
    }
}
