using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>One answer as it is typed.</summary>
public sealed class AnswerRow
{
    public ServiceQuestionId Question { get; set; }

    public string? Text { get; set; }
}

/// <summary>A step that asks how the appointment is to be held, and the questions of the service.</summary>
public abstract class QuestionsPage : BookingPage
{
    [BindProperty]
    public DeliveryChannel? Channel { get; set; }

    [BindProperty]
    public List<AnswerRow> Answers { get; set; } = [];

    public abstract IReadOnlyList<QuestionView> Questions { get; }

    protected IReadOnlyList<GivenAnswer> Given => Answers.ConvertAll(row => new GivenAnswer(row.Question, row.Text));

    /// <summary>A row for each question, in order, with what was typed.</summary>
    protected void Align()
    {
        if (Answers.Select(row => row.Question).SequenceEqual(Questions.Select(question => question.Id)))
            return;
        ModelState.Clear();
        Answers = [.. Questions.Select(question => Answers.Find(row => row.Question == question.Id) ?? new AnswerRow { Question = question.Id })];
    }

    /// <summary>What is wrong, beside its question.</summary>
    protected void Miss(IReadOnlyList<ServiceQuestionId> missing)
    {
        foreach (var (index, row) in Answers.Index().Where(row => missing.Contains(row.Item.Question)))
            ModelState.AddModelError($"{nameof(Answers)}[{index}].{nameof(AnswerRow.Text)}", string.IsNullOrWhiteSpace(row.Text) ? "Answer the question" : $"The answer must be {AppointmentAnswer.TextLength} characters or fewer");
    }
}
