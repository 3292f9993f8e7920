using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Views;

namespace Kappa.Contracts;

/// <summary>What version 2 of the account view keeps: the same, and the average of the credits.</summary>
public sealed class AveragedAccount : IViewState<AveragedAccount>
{
    public string Id { get; set; } = "";
    public decimal Balance { get; set; }
    public int Events { get; set; }
    public List<decimal> Last { get; set; } = [];
    public string? Owner { get; set; }
    public decimal? Average { get; set; }

    [JsonPropertyName("$credits")]
    public int Credits { get; set; }

    [JsonPropertyName("$credited")]
    public decimal Credited { get; set; }

    public static AveragedAccount Start(string key) => new() { Id = key };
    public static JsonTypeInfo<AveragedAccount> Json => AveragedAccountJson.Default.AveragedAccount;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AveragedAccount))]
internal sealed partial class AveragedAccountJson : JsonSerializerContext;

/// <summary>Version 2 of the account view; wrong on purpose where <paramref name="isWithoutTransfers"/>.</summary>
public sealed class AveragedAccountView : View<AveragedAccount>
{
    public AveragedAccountView(bool isWithoutTransfers = false, int version = 2) : base("account", version)
    {
        On<Credited>(e => e.Account, (account, e, _) =>
        {
            account.Balance += e.Amount;
            account.Events++;
            account.Last.Add(e.Amount);
            if (account.Last.Count > 3)
                account.Last.RemoveAt(0);
            account.Owner = e.Note ?? account.Owner;
            account.Credits++;
            account.Credited += e.Amount;
            account.Average = decimal.Round(account.Credited / account.Credits, 2);
            return account;
        });
        if (!isWithoutTransfers)
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
}
