using Kappa.Events;
using Kappa.Games;
using Kappa.Log;
using Kappa.Shop;

namespace Kappa.Tests.EventHubs;

/// <summary>Customers, orders and games, the same for the same number; each event concerns one to three instances.</summary>
internal static class ShopAndGames
{
    private static readonly EventTypes _types = ShippedViews.Events();
    private static readonly DateTimeOffset _start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Appends events from one number to another in small batches, each also to another log.</summary>
    public static async Task<Receipt> AppendAsync(ILogWriter log, ILogWriter? also, string run, int from, int to, Func<Receipt, Task>? appended = null)
    {
        var receipt = Receipt.Empty;
        for (var at = from; at < to; at += 20)
        {
            using var batch = new EventBatch();
            for (var i = at; i < Math.Min(to, at + 20); i++)
                batch.Add(Event(run, i));
            var result = await log.AppendAsync(batch);
            Assert.Equal(AppendStatus.Appended, result.Status);
            receipt = result.Receipt;
            if (also is not null)
                await also.AppendAsync(batch);
            if (appended is not null)
                await appended(receipt);
        }
        return receipt;
    }

    /// <summary>The customers, and how many events each has.</summary>
    public static IEnumerable<(string Customer, long Version)> Customers(string run, int to) =>
        Enumerable.Range(0, to).Where(i => i % 3 == 0).GroupBy(i => $"{run}-c{i % 37}").Select(some => (some.Key, some.LongCount()));

    private static CloudEvent Event(string run, int i)
    {
        var (customer, game) = ($"{run}-c{i % 37}", $"{run}-g{i / 30}");
        var (white, black) = ($"{run}-p{i / 30 % 11}", $"{run}-q{i / 30 % 7}");
        object record = (i % 3, i % 30) switch
        {
            (0, < 3) => new CustomerRegistered(customer, $"Name {i}", $"{customer}@example.org"),
            (0, _) => new OrderPlaced
            {
                OrderId = $"{run}-o{i}", CustomerId = customer, Currency = "GBP", Total = i % 100 + 0.25m,
                Lines = OrderLines.Of(new OrderLine { Sku = $"s{i % 5}", Quantity = 1, UnitPrice = i % 100 + 0.25m }),
            },
            (_, 1) => new GameStarted { GameId = game, White = white, Black = black, WhiteRating = 1500, BlackRating = 1600, StartedAt = _start.AddMinutes(i) },
            (_, 29) => new GameEnded { GameId = game, White = white, Black = black, Result = "1-0", WhiteRatingChange = 5, BlackRatingChange = -5, WhiteRating = 1500, BlackRating = 1600, StartedAt = _start.AddMinutes(i - 28) },
            _ => new MovePlayed { GameId = game, Ply = i % 30, San = "e4" },
        };
        var subject = record is CustomerRegistered or OrderPlaced ? $"customer/{customer}" : $"game/{game}";
        return CloudEvent.Of(_types, record, $"{run}-{i}", "/tests", subject, _start.AddSeconds(i));
    }
}
