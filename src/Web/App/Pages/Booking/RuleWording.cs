using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>The rules of a service as a patient reads them.</summary>
public static class RuleWording
{
    public static string Refusal(this BookingRule rule) => rule switch
    {
        BookingRule.StaffOnly => "Only the practice can book this appointment. Phone the practice",
        BookingRule.RegisteredPatientsOnly => "Only patients who are registered with the practice can book this appointment. Phone the practice",
        BookingRule.MinimumNotice => "This time starts too soon to book it. Select a later time",
        BookingRule.Horizon => "This time is too far ahead to book it. Select an earlier time",
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Not a rule."),
    };

    /// <summary>What there is to know before a day is chosen.</summary>
    public static IEnumerable<string> Sentences(this ServiceRules rules)
    {
        if (Wording.PriceSentence(rules.PricePence) is { } price)
            yield return price;
        if (rules.GroupSize > 1)
            yield return $"It is for a group of up to {rules.GroupSize} people.";
        if (rules.MinimumNoticeHours > 0)
            yield return $"Book at least {(rules.MinimumNoticeHours % 24 == 0 ? Wording.Count(rules.MinimumNoticeHours / 24, "day", "days") : Wording.Count(rules.MinimumNoticeHours, "hour", "hours"))} before it starts.";
        if (rules.HorizonDays < HealthcareService.LongestHorizonDays)
            yield return $"You can book up to {Wording.Count(rules.HorizonDays, "day", "days")} ahead.";
    }
}
