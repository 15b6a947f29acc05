using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>One question as it is typed.</summary>
public sealed class QuestionRow
{
    public ServiceQuestionId? Id { get; set; }

    public string? Text { get; set; }

    public bool IsRequired { get; set; }
}

/// <summary>Everything there is to decide about a service, as typed. What is left empty is not limited.</summary>
public abstract class ServiceForm : AdministratorPage
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Description { get; set; }

    [BindProperty]
    public string? Minutes { get; set; }

    [BindProperty]
    public List<DeliveryChannel> Channels { get; set; } = [];

    [BindProperty]
    public string? GroupSize { get; set; }

    [BindProperty]
    public string? BufferBefore { get; set; }

    [BindProperty]
    public string? BufferAfter { get; set; }

    [BindProperty]
    public Bookers BookedBy { get; set; }

    [BindProperty]
    public string? Notice { get; set; }

    [BindProperty]
    public string? Horizon { get; set; }

    /// <summary>In pounds.</summary>
    [BindProperty]
    public string? Price { get; set; }

    /// <summary>In pounds.</summary>
    [BindProperty]
    public string? LateFee { get; set; }

    [BindProperty]
    public string? LateNotice { get; set; }

    [BindProperty]
    public List<QuestionRow> Questions { get; set; } = [];

    protected void Fill(ServiceDetails details)
    {
        var rules = details.Rules;
        (Name, Description, Minutes, Channels) = (details.Name, details.Description, Number(details.DurationMinutes), [.. details.Channels]);
        (GroupSize, BufferBefore, BufferAfter) = (Number(rules.GroupSize), Number(rules.BufferBeforeMinutes), Number(rules.BufferAfterMinutes));
        (BookedBy, Notice, Horizon) = (rules.BookedBy, Number(rules.MinimumNoticeHours), Number(rules.HorizonDays));
        (Price, LateFee, LateNotice) = (Pounds(rules.PricePence), Pounds(rules.LateFeePence), Number(rules.LateNoticeHours));
        Questions = [.. details.Questions.Select(question => new QuestionRow { Id = question.Id, Text = question.Text, IsRequired = question.IsRequired })];
    }

    /// <summary>What was entered; null if something is missing or cannot be read, with what is wrong beside its field.</summary>
    protected ServiceDetails? Entered()
    {
        ModelState.Clear();
        RequireText(nameof(Name), Name, HealthcareService.NameLength, "the name");
        RequireText(nameof(Description), Description, HealthcareService.DescriptionLength, "what it is for");
        var minutes = Read(nameof(Minutes), Minutes, 0, ServiceAdministration.ShortestMinutes, ServiceAdministration.LongestMinutes, "how long it takes, in whole minutes");
        if (Channels.Count == 0)
            ModelState.AddModelError(nameof(Channels), "Select at least one way to hold it");
        var group = Read(nameof(GroupSize), GroupSize, 1, 1, HealthcareService.LargestGroup, "how many patients share a time");
        if (group > 1 && Channels.Contains(DeliveryChannel.Video))
            ModelState.AddModelError(nameof(Channels), "A video call is with one patient. Select other ways for a group");
        var rules = new ServiceRules(
            BookedBy,
            Read(nameof(Notice), Notice, 0, 0, HealthcareService.LongestNoticeHours, "how many hours before"),
            Read(nameof(Horizon), Horizon, HealthcareService.LongestHorizonDays, 1, HealthcareService.LongestHorizonDays, "how many days ahead"),
            Read(nameof(BufferBefore), BufferBefore, 0, 0, HealthcareService.LongestBufferMinutes, "the minutes before"),
            Read(nameof(BufferAfter), BufferAfter, 0, 0, HealthcareService.LongestBufferMinutes, "the minutes after"),
            group,
            ReadPounds(nameof(Price), Price),
            ReadPounds(nameof(LateFee), LateFee),
            Read(nameof(LateNotice), LateNotice, 24, 1, HealthcareService.LongestLateNoticeHours, "how many hours before the start it is late"));
        for (var index = 0; index < Questions.Count; index++)
            RequireText($"{nameof(Questions)}[{index}].{nameof(QuestionRow.Text)}", Questions[index].Text, ServiceQuestion.TextLength, "the question, or remove it");
        return ModelState.IsValid
            ? new ServiceDetails(Name ?? "", Description ?? "", minutes, Channels, rules, Questions.ConvertAll(row => new QuestionDetails(row.Id, row.Text ?? "", row.IsRequired)))
            : null;
    }

    private void RequireText(string field, string? text, int longest, string what)
    {
        if (string.IsNullOrWhiteSpace(text))
            ModelState.AddModelError(field, $"Enter {what}");
        else if (text.Trim().Length > longest)
            ModelState.AddModelError(field, $"Enter {what} in {longest} characters or fewer");
    }

    private int Read(string field, string? text, int empty, int least, int most, string what)
    {
        var value = string.IsNullOrWhiteSpace(text) ? empty : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var typed) ? typed : -1;
        if (value < least || value > most)
            ModelState.AddModelError(field, $"Enter {what}, from {least} to {most}");
        return value;
    }

    private int ReadPounds(string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return 0;
        if (decimal.TryParse(text.Trim().TrimStart('£'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var pounds)
            && pounds * 100 <= HealthcareService.HighestPricePence && decimal.Truncate(pounds * 100) == pounds * 100)
            return (int)(pounds * 100);
        ModelState.AddModelError(field, $"Enter an amount in pounds up to {HealthcareService.HighestPricePence / 100}, such as 45 or 45.50");
        return 0;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string? Pounds(int pence) => pence == 0 ? null : (pence / 100m).ToString(pence % 100 == 0 ? "0" : "0.00", CultureInfo.InvariantCulture);
}
