using Kappa.Log;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class AsOfTextTests
{
    [Theory]
    [InlineData("2011-05-31T10:12:00Z", "2011-05-31T10:12:00.0000000Z")]
    [InlineData("2011-05-31T12:12:00.12345678+02:00", "2011-05-31T10:12:00.1234567Z")]
    [InlineData("0:13,3:1043", "0:13,3:1043")]
    [InlineData("3:1043,0:13", "0:13,3:1043")]
    [InlineData("0:0", "")]
    public void A_time_or_a_cut_is_read(string text, string meant) => Assert.Equal(meant, AsOf.Parse(text, out _)!.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("2011-05-31")]
    [InlineData("2011-05-31T10:12:00")]
    [InlineData("2011-05-31T12:12:00 02:00")]
    [InlineData("2011-02-30T10:12:00Z")]
    [InlineData("0:13,0:14")]
    [InlineData("0:-1")]
    [InlineData("0:13,")]
    [InlineData("1024:1")]
    [InlineData("r0:1")]
    public void Anything_else_is_refused_with_the_forms_that_are_right(string text)
    {
        Assert.Null(AsOf.Parse(text, out var problem));
        Assert.StartsWith($"at is '{text}'", problem, StringComparison.Ordinal);
        Assert.Contains("2011-05-31T10:12:00Z", problem, StringComparison.Ordinal);
        Assert.Contains("0:13,3:1043", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_moments_are_equal_if_they_mean_the_same()
    {
        Assert.Equal(AsOf.At(new Cut([1, 0])), AsOf.Parse("0:1", out _));
        Assert.Equal(AsOf.At(new DateTimeOffset(2011, 5, 31, 12, 0, 0, TimeSpan.FromHours(2))), AsOf.Parse("2011-05-31T10:00:00Z", out _));
    }
}
