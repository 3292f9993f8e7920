using System.Globalization;
using System.Text;

namespace Kappa.Web.Demo;

/// <summary>Names, places and goods of the demo shop. Nobody in it exists.</summary>
internal static class DemoNames
{
    public static readonly string[] First =
    [
        "Amelia", "Anika", "Beatriz", "Bjørn", "Chidi", "Clara", "Dmitri", "Eilidh", "Elif", "Émile", "Farah", "Gareth", "Hana",
        "Idris", "Ingrid", "Jonas", "Kamala", "Kofi", "Léa", "Liam", "Lucía", "Mads", "Maya", "Mei", "Nadia", "Niamh", "Oskar",
        "Priya", "Quentin", "Rosa", "Samir", "Siobhán", "Tariq", "Tomasz", "Uma", "Viktor", "Wanjiru", "Ximena", "Yuki", "Zoë",
    ];

    public static readonly string[] Last =
    [
        "Adeyemi", "Andersson", "Becker", "Bianchi", "Chen", "Costa", "Dubois", "Evans", "Fernández", "Fischer", "Gallagher", "Haddad",
        "Hughes", "Iyer", "Jensen", "Kowalski", "Lindqvist", "MacLeod", "Mbeki", "Müller", "Nakamura", "Nguyen", "O'Connor", "Okafor",
        "Petrov", "Quinn", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Thomas", "Ueda", "van Dijk", "Weber", "Yilmaz", "Zhang",
    ];

    public static readonly string[] Countries =
        ["United Kingdom", "United Kingdom", "United Kingdom", "United Kingdom", "Germany", "France", "Ireland", "Netherlands", "Norway", "Spain"];

    public static readonly int[] Quantities = [1, 1, 1, 2, 2, 3, 4, 6, 12];

    public static readonly (string Sku, string Description, decimal Price)[] Products =
    [
        ("10124", "Beeswax candle, tall", 4.25m), ("10131", "Beeswax candles, box of six", 18.50m), ("11207", "Enamel mug, cream", 7.95m),
        ("11208", "Enamel mug, forest green", 7.95m), ("11340", "Stoneware teapot", 32.00m), ("12015", "Linen tea towel", 9.50m),
        ("12016", "Linen napkins, set of four", 24.00m), ("12250", "Wool throw, heather", 64.00m), ("13077", "Oak bread board", 28.75m),
        ("13110", "Olive wood spoon", 6.80m), ("14002", "Recipe tin", 14.95m), ("14231", "Glass storage jar, 1 l", 8.25m),
        ("14232", "Glass storage jar, 2 l", 11.40m), ("15008", "Wicker basket, small", 16.00m), ("15560", "Hanging planter", 12.95m),
        ("16101", "Garden twine, 100 m", 3.95m), ("16345", "Seed packet, sweet pea", 2.49m), ("17700", "Letterpress card", 3.25m),
        ("17912", "Wrapping paper, three sheets", 5.99m), ("18450", "Brass door hook", 9.95m), ("19001", "Paper star lantern", 13.50m),
        ("19377", "Wooden advent calendar", 45.00m),
    ];

    private const string Marked = "áéëíóøü";
    private const string Plain = "aeeioou";

    /// <summary>An address at a domain that is reserved for examples, in ASCII.</summary>
    public static string Email(string name, int number)
    {
        var address = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            var plain = Marked.IndexOf(c) is var at and >= 0 ? Plain[at] : c;
            if (char.IsAsciiLetter(plain))
                address.Append(plain);
            else if (plain == ' ')
                address.Append('.');
        }
        return string.Create(CultureInfo.InvariantCulture, $"{address}{number}@example.com");
    }
}
