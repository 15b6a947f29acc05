namespace Telemedicine.Web.Pages.Booking;

/// <summary>A time that is kept while the patient decides.</summary>
/// <param name="Until">With the practice's offset.</param>
/// <param name="Seconds">How long that is from now on: the browser's clock may be wrong.</param>
/// <param name="Rest">What else there is to say.</param>
public sealed record HoldView(DateTimeOffset Until, int Seconds, string Whom, string Rest)
{
    public static HoldView Of(DateTimeOffset until, DateTimeOffset now, string whom, string rest) =>
        new(until, (int)Math.Max(0, Math.Ceiling((until - now).TotalSeconds)), whom, rest);
}
