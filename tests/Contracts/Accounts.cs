using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Events;
using Kappa.Views;

namespace Kappa.Contracts;

/// <summary>Money came to an account; a note of "bad" is what some versions of the fold choke on.</summary>
public sealed record Credited(string Account, decimal Amount, string? Note = null);

/// <summary>Money goes from one account to another: one event, two keys.</summary>
public sealed record Transferred(string From, string To, decimal Amount);

/// <summary>The account is gone; a later event begins anew.</summary>
public sealed record Closed(string Account);

/// <summary>A small state with a list, so that states changed in place show.</summary>
public sealed class Account : IViewState<Account>
{
    public string Id { get; set; } = "";
    public decimal Balance { get; set; }
    public int Events { get; set; }
    public List<decimal> Last { get; set; } = [];
    public string? Owner { get; set; }

    [JsonPropertyName("$secret")]
    public int Secret { get; set; }

    public static Account Start(string key) => new() { Id = key };
    public static JsonTypeInfo<Account> Json => AccountJson.Default.Account;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(Credited))]
[JsonSerializable(typeof(Transferred))]
[JsonSerializable(typeof(Closed))]
internal sealed partial class AccountJson : JsonSerializerContext;

/// <summary>Balances per account. <paramref name="failOn"/> says which notes the fold cannot take: the fault that a later version mends.</summary>
public sealed class AccountView : View<Account>
{
    public AccountView(Func<string?, bool>? failOn = null, string name = "account", int version = 1, Func<Credited, string?>? key = null) : base(name, version)
    {
        On<Credited>(key ?? (e => e.Account), (account, e, _) =>
        {
            // Changed before it throws: a state left half changed would show.
            account.Balance += e.Amount;
            account.Events++;
            account.Last.Add(e.Amount);
            account.Secret++;
            if (account.Last.Count > 3)
                account.Last.RemoveAt(0);
            if (failOn?.Invoke(e.Note) == true)
                throw new InvalidOperationException($"cannot take a note of '{e.Note}'");
            account.Owner = e.Note ?? account.Owner;
            return account;
        });
        OnEach<Transferred>(e => [e.From, e.To], (account, e, at) =>
        {
            account.Balance += at.Key == e.From ? -e.Amount : e.Amount;
            account.Events++;
            return account;
        });
        On<Closed>(e => e.Account, (_, _, _) => null);
        Lookup("owner", account => account.Owner);
        Lookup("owner-prefix", account => account.Owner, prefix: true);
        Rank("balance", account => account.Balance);
        Rank("owned", account => account.Owner is null ? null : account.Balance);
    }

    public static EventTypes Types() => new EventTypes()
        .Add("account.credited", AccountJson.Default.Credited)
        .Add("account.transferred", AccountJson.Default.Transferred)
        .Add("account.closed", AccountJson.Default.Closed);
}
