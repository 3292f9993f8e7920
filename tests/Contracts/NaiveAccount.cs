using System.Globalization;

namespace Kappa.Contracts;

/// <summary>An account as anyone would work it out by hand: the account view said twice, without any of its code. For keys and owners of plain letters.</summary>
public sealed record NaiveAccount(decimal Balance, int Events, decimal[] Last, string? Owner)
{
    /// <summary>The state after an event, null once it is closed.</summary>
    public static NaiveAccount? Fold(NaiveAccount? state, object record, string key)
    {
        state ??= new NaiveAccount(0, 0, [], null);
        return record switch
        {
            Credited e => new NaiveAccount(state.Balance + e.Amount, state.Events + 1, [.. state.Last.Append(e.Amount).TakeLast(3)], e.Note ?? state.Owner),
            Transferred e => state with { Balance = state.Balance + (key == e.From ? -e.Amount : e.Amount), Events = state.Events + 1 },
            _ => null,
        };
    }

    /// <summary>The keys that an event concerns. Some tests name accounts after their key, as in <c>hot/17</c>.</summary>
    public static IEnumerable<string> KeysOf(object record) => record switch
    {
        Credited e => [e.Account.Split('/')[0]],
        Transferred e => new[] { e.From, e.To }.Distinct(),
        Closed e => [e.Account],
        _ => [],
    };

    public string ToJson(string key) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"id":"{{key}}","balance":{{Balance}},"events":{{Events}},"last":[{{string.Join(',', Last)}}],"owner":{{(Owner is null ? "null" : $"\"{Owner}\"")}}}""");
}
